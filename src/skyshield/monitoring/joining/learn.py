"""prototype"""
import dataclasses, math
import numpy as np
from skyshield.monitoring.joining import kernels as K

@dataclasses.dataclass
class Data:
    time: np.ndarray; x: np.ndarray; y: np.ndarray
    sd_m: np.ndarray; sd_s: np.ndarray; floor_m: np.ndarray; floor_s: np.ndarray
    source: np.ndarray; act: np.ndarray; n_sources: int; n_acts: int

@dataclasses.dataclass
class Par:
    p: np.ndarray; f_m: np.ndarray; f_s: np.ndarray; clock: np.ndarray; repeat: np.ndarray; false: np.ndarray; act_error: np.ndarray
    act_share: np.ndarray; tails: np.ndarray; w: np.ndarray; spread_m: np.ndarray; spread_s: np.ndarray; area: float; span: float
    n_events: float

OPT=dict(balance=0.55, thr=0.02, iters=12, mult=(2.5,8.,24.), passes=4, prior_f=10., learn_f=True, learn_w=True, tailf=6.0, gate=4.5, plocal=False,cap=6,out=True,w_same=True,wm=20e3,ws=5400.,wa=5.)

def first_clocks(d, max_s=4*3600., bin_s=300.):
    """offset by source: mode of the differences to others in space gate"""
    S=d.n_sources; clock=np.zeros(S)
    gate=np.full(len(d.time), max_s*1.0); gm=2.5*np.maximum(d.sd_m,d.floor_m)
    i,j=K.near_pairs(d.time,d.x,d.y,gate,gm*1.0,400)
    a,b=d.source[i],d.source[j]; lag=d.time[j]-d.time[i]
    use=a!=b; a,b,lag=a[use],b[use],lag[use]
    sdp=np.median(d.sd_s)
    bin_s=max(60.,sdp)
    nb=int(2*max_s/bin_s)+1
    # histograms h[a,b]: of t_b - t_a
    H=np.zeros((S,S,nb))
    k=np.clip(np.round(lag/bin_s).astype(int)+nb//2,0,nb-1)
    np.add.at(H,(a,b,k),1); k2=np.clip(np.round(-lag/bin_s).astype(int)+nb//2,0,nb-1); np.add.at(H,(b,a,k2),1)
    ker=np.exp(-0.5*(np.arange(-6,7)/1.5)**2); ker/=ker.sum()
    Hs=np.apply_along_axis(lambda v:np.convolve(v,ker,'same'),2,H)
    med=np.median(Hs,axis=2,keepdims=True)
    ex=(Hs-med)  # excess
    order=np.argsort(-np.bincount(d.source,minlength=S),kind='stable')
    off=np.zeros(S,int)
    for sweep in range(4):
        for s in order:
            tot=np.zeros(nb); base=np.zeros(nb)
            for o in range(S):
                if o!=s:
                    # t_s - t_o = off_s - off_o + noise -> shift H[o,s] by -off_o... candidate off_s = lag + off_o
                    tot+=np.roll(Hs[o,s],off[o]); base+=np.roll(np.full(nb,med[o,s,0]),off[o])
            k=int(np.argmax(tot-base))-nb//2
            z0=tot[off[s]+nb//2]; zk=tot[k+nb//2]
            cur=nb//2 if sweep==0 else off[s]+nb//2
            if zk-tot[nb//2] > 4*math.sqrt(tot[nb//2]+1): off[s]=k
            else: off[s]=0
        if sweep==0: pass
    return off*bin_s

def clocks_consensus(clock,n):
    o=np.argsort(clock,kind='stable'); c=np.cumsum(n[o]); return clock[o][np.searchsorted(c,c[-1]/2)]

def run(d, clock0=None, opt=OPT, par=None, log=False, truth=None):
    from scipy.spatial import ConvexHull
    S=d.n_sources; n=len(d.time); K_=len(opt['mult'])
    cnt=np.bincount(d.source,minlength=S).astype(float)
    clock=first_clocks(d) if clock0 is None else clock0
    clock=clock-clocks_consensus(clock,cnt)
    masks,starts=K.partition_tables()
    pts=np.c_[d.x,d.y]; area=ConvexHull(pts).volume; span=d.time.max()-d.time.min()
    nu_m=np.median(np.hypot(d.sd_m,d.floor_m)); nu_s=np.median(np.hypot(d.sd_s,d.floor_s))
    if par is None:
        w=np.zeros(K_+1); w[-2]=.7; w[-1]=.3
        par=Par(np.full(S,.5),np.full(S,1.3),np.full(S,1.3),clock,np.full(S,.01),np.full(S,.05),np.full(S,.1),
            np.bincount(d.act[d.act>=0],minlength=max(d.n_acts,1))+.5,np.array([.1,opt['tailf'],.1,opt['tailf']]),w,
            np.array(opt['mult'])*nu_m,np.array(opt['mult'])*nu_s,area,span,n/2.)
        par.act_share=par.act_share/par.act_share.sum()
    weight=np.full(n,.5); P=None
    lamown=lambda l:l
    for it in range(opt['iters']+opt['passes']):
        learning = it<opt['iters']
        if learning or it==opt['iters']:
            t=d.time-par.clock[d.source]; order=np.argsort(t,kind='stable')
            T=t[order]; X=d.x[order]; Y=d.y[order]; src=d.source[order]; act=d.act[order]
            vm=(d.sd_m*par.f_m[d.source])[order]**2+d.floor_m[order]**2; vs=(d.sd_s*par.f_s[d.source])[order]**2+d.floor_s[order]**2
            sdm=np.sqrt(vm); sds=np.sqrt(vs)
            g=opt['gate']
            bigm=np.max([np.max(sdm)*0+0]); 
            gm=g*np.sqrt(vm+np.quantile(vm,.95)); gs=g*np.sqrt(vs+np.quantile(vs,.95))
            i,j=K.near_pairs(T,X,Y,gs,gm,400)
            wt=weight[order]
            S_=K.load_around(T,X,Y,wt,par.spread_m,par.spread_s,3.,200)
            P0=np.full(n,np.prod(1-par.p)); ploc=np.repeat(par.p[None],n,0)
            if opt['plocal'] and it>=2:
                told,evs=K.watch_around(T,X,Y,src,S,wt,opt['wm'],opt['ws'],3.,300)
                oi,oj,oP=old
                oP=oP*np.exp(-((X[oi]-X[oj])**2+(Y[oi]-Y[oj])**2)/2/opt['wm']**2-(T[oi]-T[oj])**2/2/opt['ws']**2)
                np.add.at(told,(oi,src[oj]),-oP); np.add.at(told,(oj,src[oi]),-oP)
                evs-=np.bincount(oi,oP*wt[oj],n)+np.bincount(oj,oP*wt[oi],n)
                told=np.maximum(told,0); evs=np.maximum(evs,0)
                tot=evs/(1-P0)
                for _ in range(6):
                    ploc=np.clip((told+opt['wa']*par.p)/(tot[:,None]+opt['wa']),.01,.95)
                    P0=np.prod(1-ploc,1); tot=evs/(1-P0)
            dx=X[j]-X[i]; dy=Y[j]-Y[i]; dt=T[j]-T[i]
            def dens2(v,tail,f): 
                return v
            kk=np.stack([np.exp(-(dx*dx+dy*dy)/2/a**2-dt*dt/2/b**2)/(2*np.pi)**1.5/a**2/b for a,b in zip(par.spread_m,par.spread_s)],1)
            # mixture responsibilities, pos and time
            v=np.stack([vm[i]*(par.tails[1] if a else 1)+vm[j]*(par.tails[1] if b else 1) for a in (0,1) for b in (0,1)],1)
            e=par.tails[0]; mw=np.array([(1-e)**2,e*(1-e),e*(1-e),e*e])
            lm=mw*np.exp(-(dx*dx+dy*dy)[:,None]/2/v)/v/2/np.pi; gmden=lm.sum(1)
            u=np.stack([vs[i]*(par.tails[3] if a else 1)+vs[j]*(par.tails[3] if b else 1) for a in (0,1) for b in (0,1)],1)
            e=par.tails[2]; tw=np.array([(1-e)**2,e*(1-e),e*(1-e),e*e])
            lt=tw*np.exp(-(dt*dt)[:,None]/2/u)/np.sqrt(u*2*np.pi); gtden=lt.sum(1)
            pp=np.where(P is None, 0, 0) if P is None or len(P)!=len(i) else P
            lam=(S_@par.w[:-1]+par.w[-1]*par.n_events/area/span)/(1-P0)
            same=src[i]==src[j]
            lo=np.log(np.maximum(gmden*gtden,1e-300))-np.log(np.sqrt(lam[i]*lam[j])*np.sqrt(P0[i]*P0[j]))+np.where(same,np.log(par.repeat[src[i]]*(1-par.p[src[i]])/par.p[src[i]]),0)
            keep=lo>math.log(opt['thr'])
            i,j,lo=i[keep],j[keep],lo[keep]; lm,lt,v,u,kk=lm[keep],lt[keep],v[keep],u[keep],kk[keep]; dx,dy,dt=dx[keep],dy[keep],dt[keep]
            first=np.searchsorted(i,np.arange(n+1))
            P=np.zeros(len(i))
            rank=lo.copy()
            best=np.arange(n)
        edges=np.argsort(-rank,kind='stable')
        lab=K.components(n,i,j,edges,opt['cap'] if learning else K.LARGEST)
        mem=np.lexsort((np.arange(n),lab)); 
        st=np.flatnonzero(np.r_[True,np.diff(lab[mem])>0,True])
        # outside load: for pass>0 use own-out
        alone=np.ones(n); share=np.empty(n); preal=np.empty(n); ev=np.empty(len(st)-1)
        lamout=(S_@par.w[:-1]+par.w[-1]*par.n_events/area/span)/(1-P0)
        kw=np.r_[par.w[:-1],par.w[-1]*par.n_events/area/span]/(1-np.mean(P0))
        pl=ploc[np.arange(n),src]; lod=np.log(pl/(1-pl))
        P[:]=0
        K.resolve(mem,st,T,X,Y,vm,vs,src,act,lod,P0,par.false,par.repeat,par.act_error,par.act_share,lamout,wt,
            par.spread_m,par.spread_s,kw,par.tails,masks,starts,opt['balance'],best,first,j,P,share,alone,preal,ev)
        if opt['out'] and it!=opt['iters']+opt['passes']-1 or opt['out']:
            both=np.r_[i,j]; other=np.r_[j,i]; eid=np.r_[np.arange(len(i)),np.arange(len(i))]
            o2=np.argsort(both,kind='stable'); ast=np.searchsorted(both[o2],np.arange(n+1))
            ug,gi=np.unique(best,return_inverse=True); gm_=np.argsort(gi,kind='stable'); gst=np.searchsorted(gi[gm_],np.arange(len(ug)+1))
            pout=np.zeros(len(i))
            om=K.elsewhere(other[o2],ast,eid[o2],lab,gi,gm_,gst,alone,lamown(lamout),T,X,Y,vm,vs,src,act,lod,P0,par.false,par.repeat,par.act_error,par.act_share,par.tails,pout)
            P=np.where(lab[i]==lab[j],P/(1+om[i]+om[j]),pout/(1+om[i]+om[j]))
            alone=alone/(1+om)
            share=(share+om*.45)/(1+om)
        if not learning:
            # next pass: keep groups, then crossing edges, then inner
            inner=best[i]==best[j]; crossing=lab[i]!=lab[j]
            rank=np.where(inner,2000.,np.where(crossing,1000.,0.))+np.clip(lo,-100,100)
            weight[order]=share; wt=share
            continue
        # M step
        oo=order; inv=np.empty(n,int)
        old=(i,j,P)
        weight=np.empty(n); weight[order]=share
        own=np.zeros((n,K_)); 
        for k in range(K_):
            own[:,k]=np.bincount(i,P*share[j]*kk[:,k],n)+np.bincount(j,P*share[i]*kk[:,k],n)
        Sx=np.maximum(K.load_around(T,X,Y,share,par.spread_m,par.spread_s,3.,200)-own,0)
        N=share.sum()
        dens=np.c_[par.w[:-1]*Sx/N,np.full(n,par.w[-1]/area/span)]
        if opt['w_same']:
            Sx=np.zeros((n,K_)); ns=np.bincount(src,minlength=S)
            for q in range(S):
                m=np.flatnonzero(src==q)
                Sx[m]=K.load_around(T[m],X[m],Y[m],np.ones(len(m)),par.spread_m,par.spread_s,3.,200)/max(len(m),1)
            dens=np.c_[par.w[:-1]*Sx,np.full(n,par.w[-1]/area/span)]
        resp=dens/dens.sum(1,keepdims=True)
        if opt['learn_w']: par.w=(share[:,None]*resp).sum(0)/N; par.w=np.maximum(par.w,1e-4); par.w/=par.w.sum()
        par.n_events=N
        # p: events per source (distinct), unseen
        falsew=np.bincount(src,1-preal,S)
        real=cnt-falsew
        rep=np.bincount(src[i],P*(src[i]==src[j]),S)
        Nreal=N-falsew.sum()
        for _ in range(30):
            tot=Nreal/(1-np.prod(1-par.p)); par.p=np.clip((real-rep+1)/(tot+2),.01,.95)
        par.repeat=np.clip((rep+1)/(cnt+100),1e-4,.3)
        # false
        fr=(falsew+1)/(cnt+20); par.false_share=fr
        par.false=fr*cnt/area/span
        # factors
        Pm=P
        rm=lm/lm.sum(1,keepdims=True); rt=lt/lt.sum(1,keepdims=True)
        cross=src[i]!=src[j]
        Pw=P*cross
        r2=(dx*dx+dy*dy)/2
        num_m=np.zeros(S); den_m=np.zeros(S); num_t=np.zeros(S); den_t=np.zeros(S); tm=tt=0.; 
        cnum=np.zeros(S); cden=np.zeros(S)
        for q,(a,b) in enumerate(((0,0),(0,1),(1,0),(1,1))):
            for (r,z) in ((i,a),(j,b)):
                f=par.tails[1] if z else 1.; base=vm[r]*f
                wq=Pw*rm[:,q]
                e2=(base/v[:,q])**2*r2+base*(v[:,q]-base)/v[:,q]
                num_m+=np.bincount(src[r],wq*e2/base,S); den_m+=np.bincount(src[r],wq,S)
                f=par.tails[3] if z else 1.; base=vs[r]*f
                wq=Pw*rt[:,q]
                e2=(base/u[:,q])**2*dt*dt+base*(u[:,q]-base)/u[:,q]
                num_t+=np.bincount(src[r],wq*e2/base,S); den_t+=np.bincount(src[r],wq,S)
            tm+=(Pw*rm[:,q]*(a+b)).sum()/2; tt+=(Pw*rt[:,q]*(a+b)).sum()/2
            # clocks: mean residual share
            cnum+=np.bincount(src[j],Pw*rt[:,q]/u[:,q]*dt,S)-np.bincount(src[i],Pw*rt[:,q]/u[:,q]*dt,S)
            cden+=np.bincount(src[j],Pw*rt[:,q]/u[:,q],S)+np.bincount(src[i],Pw*rt[:,q]/u[:,q],S)
        if opt['learn_f']:
            k0=opt['prior_f']
            par.f_m=par.f_m*np.sqrt((num_m+k0*(1.3/par.f_m)**2)/(den_m+k0)); par.f_s=par.f_s*np.sqrt((num_t+k0*(1.3/par.f_s)**2)/(den_t+k0))
            Z=Pw.sum()
            par.tails[0]=np.clip((tm+2)/(Z+20),.01,.4); par.tails[2]=np.clip((tt+2)/(Z+20),.01,.4)
        par.clock=par.clock+.7*cnum/(cden+1e-9); par.clock=par.clock-clocks_consensus(par.clock,cnt)
        # act errors
        known=(act[i]>=0)&(act[j]>=0)&cross
        dif=known&(act[i]!=act[j])
        A=np.bincount(src[i],P*known,S)+np.bincount(src[j],P*known,S)
        ei=par.act_error
        # prob that i's act is wrong given differ ~ e_i/(e_i+e_j)
        fi=ei[src[i]]/(ei[src[i]]+ei[src[j]])
        B=np.bincount(src[i],P*dif*fi,S)+np.bincount(src[j],P*dif*(1-fi),S)
        par.act_error=np.clip((B/(1-(par.act_share**2).sum()+1e-9)+1)/(A+10),.01,.9)
        if log: print(it,'N',round(N),'p',par.p.round(2),'fm',par.f_m.round(2),'fs',par.f_s.round(2),'c',par.clock.round(),'rep',par.repeat.round(3),'fa',fr.round(3),'ae',par.act_error.round(2),'w',par.w.round(3),'tails',par.tails.round(2),len(i),np.bincount(np.diff(st)))
    out=np.empty(n,int); out[order]=order[best]
    psum=np.zeros(n); m=best[i]==best[j]
    np.add.at(psum,i[m],P[m]); np.add.at(psum,j[m],P[m])
    size=np.bincount(best,minlength=n)[best]
    oth=np.where(size>1,psum/np.maximum(size-1,1),alone)
    inc=(psum+1)/size
    o=np.empty(n); o[order]=oth; c=np.empty(n); c[order]=inc
    return out,o,c,par
